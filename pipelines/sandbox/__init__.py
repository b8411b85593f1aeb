"""Stand-ins for the connected systems, over real HTTP, for the demo, the tests and newcomers."""
