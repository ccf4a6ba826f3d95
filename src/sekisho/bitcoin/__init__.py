"""The values every room speaks in: amounts, outpoints, scripts, addresses, wallets, transactions, PSBTs."""
