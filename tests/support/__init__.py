"""What tests share: a clock, assistants that say what they are told, real servers."""
