"""What goes out as Word: bulletin, summary and 督办单, laid out as GB/T 9704 asks."""
