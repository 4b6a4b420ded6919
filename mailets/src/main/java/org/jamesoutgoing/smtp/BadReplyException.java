/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** What the host sent is no SMTP reply, or more of one than the limits allow; nothing it sends after that can be trusted. */
final class BadReplyException extends Exception {

    private static final long serialVersionUID = 1L;

    BadReplyException(String message) {
        super(message, null, false, false);
    }
}
