"""The model as nodes of the vendor's GraphQL Admin API, and the engine that queries them."""
