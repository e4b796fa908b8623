"""Digitise Vietnamese administrative reports into DuckDB tables of traceable figures."""
