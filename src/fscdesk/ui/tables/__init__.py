"""The one table: model, view, columns, filters, totals, selection, export, details."""
