"""The outermost layer: wires sync, build and publish together, for the command line and Dagster."""
