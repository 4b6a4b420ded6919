/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import org.apache.james.core.MailAddress;

/**
 * What was last said of one recipient.
 *
 * @param outcome {@code accepted}, {@code deferred} or {@code failed}
 */
public record RecipientRecord(String outcome, Notification.Told said) {

    public MailAddress recipient() {
        return said.recipient();
    }
}
