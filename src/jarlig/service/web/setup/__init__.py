"""The set-up of an installation (初始化): a page that is there until somebody has an account."""
