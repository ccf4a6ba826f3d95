"""Payment requests: who pays whom, how much, at most which fee, until when; canonical bytes and digest."""
