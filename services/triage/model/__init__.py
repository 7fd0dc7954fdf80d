"""What a text is about, by what was learned from messages: pure functions of the text, the city and the bytes of a model."""
