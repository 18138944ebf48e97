{
    "name": "Retail Connector: bare route of the benchmarks",
    "summary": "A route that does nothing, to measure others against",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Retail Connector",
    "license": "LGPL-3",
    "depends": ["base"],
    "installable": True,
}
