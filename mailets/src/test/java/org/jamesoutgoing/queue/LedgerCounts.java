/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import org.apache.james.core.MaybeSender;

/** What a ledger counts for its limits. */
public final class LedgerCounts {

    private LedgerCounts() {}

    public static long toDomain(QueueLedger ledger, String domain) {
        return ledger.toDomain(domain);
    }

    public static long ofSender(QueueLedger ledger, String sender) {
        return ledger.ofSender(MaybeSender.getMailSender(sender));
    }
}
