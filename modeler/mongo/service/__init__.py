"""What a service uses of collections: a module for pymongo, without Django and without modeler."""
