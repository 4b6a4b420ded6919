/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

/** The message has octets above 127 in a place where nothing else can stand for them. The message says where. */
public final class NotConvertibleException extends Exception {

    private static final long serialVersionUID = 1L;

    NotConvertibleException(String why) {
        super(why);
    }
}
