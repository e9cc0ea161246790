"""What decides whose an issue is and when it is due: the list, routing, the calendar."""
