"""JupyterLab as the office opens it: on this machine alone, in Chinese, on the explorer, with nothing kept that it shows."""
