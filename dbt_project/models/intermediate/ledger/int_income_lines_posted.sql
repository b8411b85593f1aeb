{#- What was earned, positive, whatever kind of record it comes from: a bill may refund a sale. -#}
select
    *,
    -debit_base as net_amount_base
from {{ ref('int_document_lines_posted') }}
where income_kind is not null
