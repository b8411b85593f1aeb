"""One file per version of the schema, each built on the one before."""
