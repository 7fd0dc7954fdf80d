"""The issuer for local use: it signs tokens for demo accounts of the city. In production another OIDC issuer takes its place."""
