"""The rules, a module a trouble."""
