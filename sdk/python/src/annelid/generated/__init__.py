# Made from the contract and the catalogue by daemon/generate; change those, not this.
"""What is made from the contract and the catalogue."""
