"""Chinese vocabularies: data only, no function."""
