{{ xero_advances(source('raw_xero', 'prepayments')) }}
