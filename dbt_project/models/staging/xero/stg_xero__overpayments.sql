{{ xero_advances(source('raw_xero', 'overpayments')) }}
