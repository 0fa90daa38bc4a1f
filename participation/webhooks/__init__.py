"""Programs elsewhere are told what happens in public: signed messages (Standard Webhooks), retried for three days."""
