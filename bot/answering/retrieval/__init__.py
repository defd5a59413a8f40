"""Where the answer may stand: searched once, ranked by one formula."""
