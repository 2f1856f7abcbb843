"""Pictures of an estimate as SVG: no script, no colour without a second sign, readable in print."""
