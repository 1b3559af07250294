"""Measured statements, one small file per family.

`catalogue.FACTS` lists every kind with the function that measures it.
"""
