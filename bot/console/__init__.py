"""The staff's pages: server-rendered, live."""
