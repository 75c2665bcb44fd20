"""What a text says, and which texts are alike."""
