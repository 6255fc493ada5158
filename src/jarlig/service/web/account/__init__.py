"""Screens of the sign-in (登录): by password and second factor, by a provider of identity, and the change of seat."""
