"""Whether a machine has what the toolkit needs (doctor), and the kit that installs it where there is no internet."""
