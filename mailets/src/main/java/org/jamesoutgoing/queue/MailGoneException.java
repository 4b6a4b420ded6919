/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import javax.mail.MessagingException;

/** A waiting mail is no longer there: somebody removed it from the repository by other means. */
public final class MailGoneException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public MailGoneException(String message) {
        super(message);
    }
}
