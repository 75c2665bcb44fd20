import toolkit.present  # noqa: F401  # before nbformat is imported
