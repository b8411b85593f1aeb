{#- One line per staging model of records; record_type is what a finding calls the record. -#}
{%- set models = [
    ('organisation', 'organisation_id', 'stg_xero__organisations'),
    ('account', 'account_id', 'stg_xero__accounts'),
    ('tracking_category', 'tracking_category_id', 'stg_xero__tracking_categories'),
    ('tax_rate', 'tax_type', 'stg_xero__tax_rates'),
    ('item', 'item_id', 'stg_xero__items'),
    ('contact', 'contact_id', 'stg_xero__contacts'),
    ('invoice', 'document_id', 'stg_xero__invoices'),
    ('credit_note', 'document_id', 'stg_xero__credit_notes'),
    ('payment', 'payment_id', 'stg_xero__payments'),
    ('bank_transaction', 'document_id', 'stg_xero__bank_transactions'),
    ('bank_transfer', 'bank_transfer_id', 'stg_xero__bank_transfers'),
    ('batch_payment', 'batch_payment_id', 'stg_xero__batch_payments'),
    ('prepayment', 'document_id', 'stg_xero__prepayments'),
    ('overpayment', 'document_id', 'stg_xero__overpayments'),
    ('manual_journal', 'document_id', 'stg_xero__manual_journals'),
    ('journal', 'journal_id', 'stg_xero__journals'),
    ('purchase_order', 'document_id', 'stg_xero__purchase_orders'),
    ('quote', 'document_id', 'stg_xero__quotes'),
    ('repeating_invoice', 'document_id', 'stg_xero__repeating_invoices'),
    ('branding_theme', 'branding_theme_id', 'stg_xero__branding_themes'),
    ('budget', 'budget_id', 'stg_xero__budgets'),
    ('linked_transaction', 'linked_transaction_id', 'stg_xero__linked_transactions'),
    ('currency', 'currency_code', 'stg_xero__currencies'),
    ('contact_group', 'contact_group_id', 'stg_xero__contact_groups'),
    ('trial_balance', 'report_id', 'stg_xero__trial_balances'),
    ('profit_and_loss', 'report_id', 'stg_xero__profit_and_loss_statements'),
    ('balance_sheet', 'report_id', 'stg_xero__balance_sheets'),
] -%}

with records as (
    {%- for record_type, id, model in models %}
    select
        tenant_id,
        '{{ record_type }}' as record_type,
        {{ id }} as record_id,
        typing_failures,
        extracted_at
    from {{ ref(model) }}
    where typing_failures is not null and not is_deleted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

failures as (
    select
        tenant_id,
        'xero' as system,
        record_type,
        record_id,
        failure.field,
        failure.raw_value,
        extracted_at
    from {{ explode_with_position('records', 'typing_failures', 'failure') }} as exploded
)

select * from failures
