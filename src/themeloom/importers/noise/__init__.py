"""What belongs to a message but not to what it says: quoted replies, greetings, signatures, macros."""
