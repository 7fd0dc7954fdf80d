"""The facts, a module for each service that may say them."""
