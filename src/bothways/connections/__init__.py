"""Evidence grouped into conversations: who is who, how far each got, and what each observer saw of it."""
