"""Who answers, who handles, who has how much to do."""
