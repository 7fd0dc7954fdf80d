"""`gridcase check`: reads the log and every database itself and says which invariant is broken where.

Nothing here uses the code that folds, decides or stores: the rules of the life cycle are written again, as one table.
"""
