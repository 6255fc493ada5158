"""The floor under the rooms (地基): who asks, the one transaction of a request, the clock, guards in the database."""
