"""Active tests as plans: told the time and the replies, they answer with packets to send. Nothing here sends any."""
