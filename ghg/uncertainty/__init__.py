"""How sure a total is: spreads of the inputs, carried through to every figure."""
