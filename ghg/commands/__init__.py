"""The commands, a module for each family; ``ghg.cli`` gathers them."""
