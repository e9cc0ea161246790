"""Areas, places, people and duties: the nets in force, and who owns what."""
