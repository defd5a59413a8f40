"""The enquiry assistant: conversations, answers from documents, channels."""
