"""The tests of Cairn, in the order of app/; `architecture` is about the house itself."""
