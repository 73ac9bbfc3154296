"""The packs of each publisher, built from the reference tables; ``build.py`` runs them."""
