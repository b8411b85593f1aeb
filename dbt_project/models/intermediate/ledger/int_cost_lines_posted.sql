{#- What was spent on what is sold, positive, whatever kind of record it comes from. -#}
select
    *,
    debit_base as net_amount_base
from {{ ref('int_document_lines_posted') }}
where account_type = 'DIRECTCOSTS'
