"""Reports written without a look at the code, drawn, worn, read and scored: see README.md."""
